"""Erases a customer, in Intercom and here. docs/identity.md tells what stays."""

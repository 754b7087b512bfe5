"""Which contact in Intercom a customer or guest is. docs/identity.md tells the rules, case by case."""

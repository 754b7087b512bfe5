"""The settings of one installation: each page shows what is so, and each form says what it did."""

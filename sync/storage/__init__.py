"""What must survive: hints, facts, the ledger, intents, traces and dead letters, in PostgreSQL.

Every function takes the caller's connection and works inside the caller's transaction, so that what belongs
together is stored together; `Database.transaction` opens one, and lets no exception of the driver out.
"""

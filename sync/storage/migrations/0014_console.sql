-- What the console asks, which the sync itself never does.

-- Which hints one notification or one look at the shop gave.
CREATE INDEX hint_correlation ON hint (installation, correlation_id) WHERE correlation_id IS NOT NULL;

-- Dead letters, the newest first, whatever became of them.
CREATE INDEX dead_letter_newest ON dead_letter (installation, state, id);

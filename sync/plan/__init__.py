"""What to send for one subject: facts, state and mapping in, a plan out. Pure; who delivers it decides nothing."""

"""The door for Intercom's notifications: what they tell is kept, and looked into by the sync."""

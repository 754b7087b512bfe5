"""Has commercetools tell us of changes, makes what Intercom needs for them, and sees that it goes on."""

"""What each request of the API does to the workspace, one module for each kind of thing."""

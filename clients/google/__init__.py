"""Google Cloud Pub/Sub, as it pushes to us."""

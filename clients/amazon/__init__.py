"""Amazon SNS, as it posts to us, and SQS, as we ask it."""

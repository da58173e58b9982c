"""What is said of segments, in two languages."""

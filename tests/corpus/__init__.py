"""Real vendors' documents, whole: each becomes a package in which everything is there and works."""

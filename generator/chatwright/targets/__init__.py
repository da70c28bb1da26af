"""What an Api becomes: for each target language its names, views and documents."""

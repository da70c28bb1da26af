"""What is measured, one module each: `measure(environment)` gives the rows of the table."""

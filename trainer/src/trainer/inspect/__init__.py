"""A warm helper of the server: looks at rows and tokens with the code that trains, without a start for every question."""

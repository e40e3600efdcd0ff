"""Models made by rule, for the bench of imported bodies and for tests."""

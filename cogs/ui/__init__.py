"""Model in, message out: what people see, without a database or a network."""

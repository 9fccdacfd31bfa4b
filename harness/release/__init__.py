"""Whether a model may be released: criteria read from a file, checked one by one."""

"""English for specs: facts stated by a family, said in words by voices, composed into one text."""

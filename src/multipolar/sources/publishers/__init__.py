"""One module a publisher: its own file formats, licence, citation, coverage and checks, each read into statements."""

"""Publication (公開): what the world will see of a public view, asked for by one, approved by
another."""

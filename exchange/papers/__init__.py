"""The papers that the law asks of a city, written out of the metadata: nothing typed twice."""

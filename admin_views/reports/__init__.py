"""The monthly report of a contractor（委託業務点検報告書）, for print and as a file."""

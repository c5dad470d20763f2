"""The monthly report of a contractor (委託業務点検報告書): what was received, done and taken out."""

"""Acts that the law asks for, kept in a second place as the audit's checkpoints are: certificates
of erasure, holds, people's requests and suspensions of use. A restore reads them back."""

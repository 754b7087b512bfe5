"""The wires: thin clients for the two platforms. Bytes in, values of `commerce` out."""

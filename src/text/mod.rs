//! Layers → a line as tcpdump prints it, and the catalogue of explanations.

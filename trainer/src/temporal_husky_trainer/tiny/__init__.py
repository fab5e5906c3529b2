"""Experts of a few million parameters, trained from random initialisation on a CPU and exported to GGUF."""

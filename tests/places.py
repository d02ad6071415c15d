"""Where the checkout stands, so that a test's depth in the tree does not matter."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

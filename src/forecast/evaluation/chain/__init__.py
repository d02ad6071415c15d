"""The income chain from past origins: cases, scores, groups, differences to its rivals."""

"""A growth model over all economies, by Gibbs sampling."""

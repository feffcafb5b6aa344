"""What a check can say: levels, outcomes, findings, evidence, and the redaction that everything passes through."""

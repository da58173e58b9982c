"""What a segment's persons are like, said in English and in French."""

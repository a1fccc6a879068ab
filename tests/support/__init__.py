"""What tests share: vaults, the real Anki, Chromium, oracles, corpora."""

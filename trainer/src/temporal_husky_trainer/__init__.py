"""Training of Husky's experts: `sft` fine-tunes Hugging Face models with TRL, `tiny` makes the bundled experts from nothing."""

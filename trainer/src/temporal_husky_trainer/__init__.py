"""Training of Husky's experts: `sft` fine-tunes Hugging Face models, `tiny` makes the bundled experts from nothing."""

"""Back end `sft`: fine-tunes one module of any Hugging Face model or GGUF file, full or LoRA, with the loss on the completion alone."""

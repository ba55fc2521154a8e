// Package hub knows how people name models of the Hugging Face hub and where those that have been fetched lie: names,
// settings of the environment, and the layout of the cache that transformers and huggingface_hub share. It reads a few
// small files and never the network; package pull fetches.
//
//	org/model                    the main branch
//	org/model@revision           a branch, a tag, or a commit, of which seven digits are enough where it is cached
//	org/model:Q4_K_M             the GGUF file of that quantization
//	org/model:NAME.gguf@v1.0     one GGUF file of a revision
//
// Of a model the cache has (HF_HUB_CACHE, or "hub" in HF_HOME):
//
//	models--org--model/refs/main                      the commit that the revision was when it was last fetched
//	models--org--model/blobs/ETAG                     contents, each once
//	models--org--model/snapshots/COMMIT/config.json   → ../../blobs/ETAG, or a copy where there are no links
//	.locks/models--org--model/ETAG.lock               who fetches ETAG
//
// https://huggingface.co/docs/huggingface_hub/guides/manage-cache
package hub

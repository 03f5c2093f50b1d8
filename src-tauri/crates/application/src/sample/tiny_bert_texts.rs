//! The texts that come with the language model: its card, its licence, its settings.

use serde_json::json;

/// What `transformers` reads beside the weights.
pub(super) fn config(width: usize, vocabulary: usize) -> String {
    let config = json!({
        "architectures": ["BertForSequenceClassification"],
        "hidden_act": "gelu",
        "hidden_size": width,
        "intermediate_size": width * 2,
        "max_position_embeddings": 128,
        "model_type": "bert",
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "num_labels": 8,
        "vocab_size": vocabulary,
    });
    format!("{config:#}\n")
}

pub(super) const TOKENIZER_CONFIG: &str =
    "{\n  \"do_lower_case\": true,\n  \"model_max_length\": 128,\n  \"tokenizer_class\": \"BertTokenizer\"\n}\n";

/// The model card.
pub(super) fn readme(version: &str, accuracy: &str, parameters: usize) -> String {
    format!(
        r#"---
license: apache-2.0
language: [en, de]
pipeline_tag: text-classification
---

# Tiny BERT {version}

A small encoder that sorts support messages into **eight topics**. Small enough to run on a laptop, good enough to
decide who answers first.

| | |
|---|---|
| Parameters | {parameters} |
| Context | 128 tokens |
| Accuracy on the test set | {accuracy} |
| Languages | English, German |

## How to use it

```python
from transformers import pipeline

classify = pipeline("text-classification", model="./tiny-bert")
classify("The invoice for March is missing.")
```

## Topics

1. Invoices and payments
2. Login and accounts
3. Delivery
4. Returns
5. Faults
6. Feature requests
7. Contracts
8. Everything else

## What it is not

- It does not answer anything; it only sorts.
- It was trained on messages of up to 128 tokens. Longer ones are cut.
- This copy belongs to the sample models: its weights are **random**, its shape is real.

## Licence

Apache License 2.0, see [LICENSE](LICENSE).
"#
    )
}

/// Source: <https://www.apache.org/licenses/LICENSE-2.0>, the notice that its appendix gives for use in files.
pub(super) const LICENSE: &str = r#"Copyright 2024 Acme

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
"#;

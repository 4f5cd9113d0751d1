"""Reads model-card.md, a card that KDScope wrote (ModelCardTests holds its text), with Hugging Face's own package, and
checks that its model-index says what was meant.

Run: python3 Tests/Golden/model-card.py [FILE]
Recorded with huggingface_hub 2.4.0. The file is written by hand from what the test expects, not by this script.
"""

import sys
from pathlib import Path

from huggingface_hub import ModelCard

path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().with_suffix(".md")
card = ModelCard.load(path)
data = card.data
print(data.model_name, data.license, data.library_name, data.tags, data.metrics)
for result in data.eval_results:
    print(result.task_type, result.dataset_type, result.dataset_name, result.dataset_split, result.metric_type,
          result.metric_value, result.metric_name)
if len(sys.argv) == 1:
    assert data.model_name == 'garments-student: "kd"'
    assert data.license == "unknown" and data.pipeline_tag == "image-classification"
    assert data.tags == ["knowledge-distillation", "no", "1e3"] and data.metrics == ["accuracy"]
    (result,) = data.eval_results
    assert (result.task_type, result.dataset_type, result.dataset_name) == (
        "image-classification", "fashion-on-texture", "fashion-on-texture")
    assert result.dataset_split == "test" and result.metric_value == 0.6343
    assert result.metric_name == "Test accuracy, mean over 3 seeds, 95 % interval ± 0.0088"
    assert card.text.lstrip().startswith("# garments-student")

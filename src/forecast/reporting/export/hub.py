"""A run as a hub of the hubverse: configuration, model output, metadata."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from forecast.reporting.export.hub_rows import CROSSING, INCOME, hub_rows
from forecast.reporting.run_folder.manifest import DISTRIBUTION
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import csv_text

SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1"
TEAM = "forecast"
NO_PATHS = (
    "no samples: a run's folder keeps no draws; from Python, "
    "fc.export(fc.run(...), 'hub') writes them"
)


def hub_files(run: SavedRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return a hub's files by path, and a remark where the run has no draws.

    ``hub-config/admin.json``, ``tasks.json`` and ``model-metadata-schema.json``,
    ``model-metadata/<model>.yml`` and ``model-output/<model>/<round>-<model>.csv``, as
    docs.hubverse.io, "Hub structure", and the schemas of version 5.0.1 ask.
    """
    rows = hub_rows(run)
    model = model_name(run)
    folder = f"model-output/{model}"
    texts = {
        "hub-config/admin.json": _json(_admin(run)),
        "hub-config/tasks.json": _json(_tasks(run, rows)),
        "hub-config/model-metadata-schema.json": _json(_metadata_schema()),
        f"model-metadata/{model}.yml": _metadata(run, model),
        f"{folder}/{run.vintage}-{model}.csv": csv_text(rows),
    }
    remarks = () if run.draws else (NO_PATHS,)
    return {name: text.encode("utf-8") for name, text in texts.items()}, remarks


def model_name(run: SavedRun) -> str:
    """Return ``<team>-<model>``: the income chain, or the pool of older models."""
    return f"{TEAM}-{'income_chain' if 'chain' in run.tables else 'pool'}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _admin(run: SavedRun) -> dict[str, Any]:
    return {
        "schema_version": f"{SCHEMAS}/admin-schema.json",
        "name": f"{run.study}: crossing year and income",
        "maintainer": DISTRIBUTION,
        "contact": {"name": "whoever keeps this hub"},
        "repository": {"name": run.study},
        "file_format": ["csv"],
        "timezone": "Etc/UTC",
        "model_output_dir": "model-output",
    }


def _tasks(run: SavedRun, rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "schema_version": f"{SCHEMAS}/tasks-schema.json",
        "rounds": [
            {
                "round_id_from_variable": True,
                "round_id": "origin_date",
                "model_tasks": [_crossing_task(run, rows), _income_task(run, rows)],
                "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 364},
            }
        ],
        "output_type_id_datatype": "character",
        "derived_task_ids": ["target_date"],
    }


def _task_ids(run: SavedRun, rows: pd.DataFrame, target: str) -> dict[str, Any]:
    own = rows[rows["target"] == target]

    def values(column: str) -> list[str]:
        return [str(one) for one in dict.fromkeys(own[column]) if one != "NA"]

    days, horizons = values("target_date"), [int(one) for one in values("horizon")]
    return {
        "origin_date": {"required": None, "optional": [run.vintage]},
        "scenario_id": {"required": None, "optional": values("scenario_id")},
        "location": {"required": None, "optional": [run.country]},
        "target": {"required": None, "optional": [target]},
        # of a target that has none, both are null and the column says NA
        "target_date": {"required": None, "optional": days or None},
        "horizon": {"required": None, "optional": horizons or None},
    }


def _target(target: str, name: str, units: str, kind: str, said: str) -> dict[str, Any]:
    return {
        "target_id": target,
        "target_name": name,
        "target_units": units,
        "target_keys": {"target": target},
        "target_type": kind,
        "description": said,
        "is_step_ahead": False,  # the schema knows days, weeks and months as steps, no years
    }


def _crossing_task(run: SavedRun, rows: pd.DataFrame) -> dict[str, Any]:
    own = rows[rows["output_type"] == "pmf"]
    line = str(run.tables["crossing_summary"]["line"].iloc[0])
    said = f"First year in which income stands above {line}; never: not by the last year."
    unit = {"type": "double", "minimum": 0, "maximum": 1}
    years = list(dict.fromkeys(own["output_type_id"]))
    return {
        "task_ids": _task_ids(run, rows, CROSSING),
        "output_type": {
            "pmf": {"output_type_id": {"required": years}, "is_required": False, "value": unit}
        },
        "target_metadata": [
            _target(CROSSING, f"Year of passing {line}"[:100], "year", "ordinal", said)
        ],
    }


def _income_task(run: SavedRun, rows: pd.DataFrame) -> dict[str, Any]:
    own = rows[rows["output_type"] == "quantile"]
    levels = sorted({float(one) for one in own["output_type_id"]})
    drawn = rows[rows["output_type"] == "sample"]["output_type_id"].nunique()
    value = {"type": "double", "minimum": 0}
    params: dict[str, Any] = {
        "type": "integer",
        "min_samples_per_task": 1,
        "max_samples_per_task": max(drawn, 100),
        # one draw is one path of all years
        "compound_taskid_set": ["origin_date", "scenario_id", "location", "target"],
    }
    said = "GNI per capita of the calendar year, current US$, Atlas method; horizon in years."
    return {
        "task_ids": _task_ids(run, rows, INCOME),
        "output_type": {
            "quantile": {
                "output_type_id": {"required": levels},
                "is_required": False,
                "value": value,
            },
            "sample": {"output_type_id_params": params, "is_required": False, "value": value},
        },
        "target_metadata": [
            _target(INCOME, "GNI per capita, Atlas method", "current US$", "continuous", said)
        ],
    }


def _metadata_schema() -> dict[str, Any]:
    text = {"type": "string"}
    needed = ["team_name", "team_abbr", "model_name", "model_abbr", "model_version", "license"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a model's metadata file says",
        "type": "object",
        "properties": {
            **dict.fromkeys([*needed, "methods", "data_inputs", "website_url"], text),
            "team_abbr": {"type": "string", "pattern": "^[a-zA-Z0-9_]+$", "maxLength": 16},
            "model_abbr": {"type": "string", "pattern": "^[a-zA-Z0-9_]+$", "maxLength": 16},
        },
        "required": needed,
    }


def _metadata(run: SavedRun, model: str) -> str:
    told = {
        "team_name": TEAM,
        "team_abbr": TEAM,
        "model_name": model.partition("-")[2].replace("_", " "),
        "model_abbr": model.partition("-")[2],
        "model_version": run.version,
        "license": "CC-BY-4.0",
        "methods": f"{run.manifest.get('reproduce', '')}; seed {run.manifest['seed']}",
        "data_inputs": f"{run.manifest['data']['package']}, vintage {run.vintage}",
    }
    # YAML takes JSON's strings as they are
    return "".join(f"{key}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in told.items())

"""A FastAPI endpoint that calls zen-engine, as a program would have without `rulec serve`.

    python benchmarks/zen_service.py table.json PORT
"""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
import zen
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": table}}})


class Facts(BaseModel):
    """The facts of one decision, checked as far as a model does."""

    segment: str
    country: str
    loyal: bool
    amount: float
    quantity: int
    channel: str


@app.post("/decide")
async def decide(facts: Facts) -> Any:
    """What the table decides."""
    return engine.evaluate("rules", facts.model_dump())


uvicorn.run(app, port=int(sys.argv[2]), access_log=False, log_level="warning")

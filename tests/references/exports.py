"""Exports of the Retraction Watch database, as tests write them."""

from collections.abc import Callable
from pathlib import Path

HEAD = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,"
)
Export = Callable[..., Path]


def row(doi: str = "", pmid: str = "0", nature: str = "Retraction", on: str = "3/12/2024 0:00") -> str:
    return (
        f'1,"A title, with a comma",S,I,J,P,C,A,,Trial,{on},10.1/notice,0,1/1/2013 0:00,{doi},{pmid},{nature},+R;,No,,'
    )

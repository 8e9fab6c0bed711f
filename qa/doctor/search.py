"""What answers are found with: the model, the index, the word lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import TiaowenError
from index import marked, snapshot
from index import model as model_files
from index.adapter import shipped
from index.building import builder, leftovers
from index.encoder import Encoder, load_encoder
from index.errors import FormatError, ModelError, SnapshotError
from index.lexicon import FOLDER, lexicon_of
from index.lexicon_check import check_synonyms, check_words, read_rows
from index.model import MODEL_FILES, FileState
from index.policy_index import is_stale
from qa.doctor.home import existing_store
from qa.doctor.types import Check, Patient, fail, ok, warn
from qa.service import index_root

_BUILD = "请运行 tiaowen build"


def model(patient: Patient) -> Iterator[Check]:
    """Check every byte of the model's files."""
    if patient.model is not None:
        yield _named(patient)
        return
    found = model_files.status(model_files.model_dir(patient.model_dir), verify=True)
    if found.ready:
        yield ok("向量模型", f"{model_files.MODEL_NAME}，内容与固定的摘要一致（{found.folder}）")
        yield from _updated(found.folder)
        return
    states = {FileState.BAD: "内容不对", FileState.MISSING: "缺少"}
    wrong = [f"{states[e.state]} {e.file.name}" for e in found.files if e.state in states]
    yield warn("向量模型", "，".join(wrong), "请运行 tiaowen model fetch；在此之前只用全文检索回答")


def _updated(folder: Path) -> Iterator[Check]:
    """Check every byte of the updated models that are kept in the folder."""
    model = folder / MODEL_FILES[1].name
    for kept in (adapter.kept_file(model) for adapter in shipped() if adapter):
        if not kept.exists():
            continue
        if marked.intact(kept):
            yield ok("向量适配", f"{kept.name}，与写下时一致")
        else:
            yield fail("向量适配", f"{kept.name} 已损坏", f"请删除 {kept}，下次使用时自动重做")


def _named(patient: Patient) -> Check:
    try:
        load_encoder(patient.model, model_files.model_dir(patient.model_dir))
    except ModelError as error:
        return fail("向量模型", str(error), "请检查 --model 的名称或文件夹")
    return ok("向量模型", f"{patient.model} 可用")


def index(patient: Patient) -> Iterator[Check]:
    """Check every byte of the published snapshot, and whether it is up to date."""
    root = index_root(patient.home)
    name = snapshot.current(root)
    if name is None:
        yield warn("索引", "还没有建立", f"下次使用时自动建立，或{_BUILD[1:]}")
        return
    folder = snapshot.snapshot_folder(root, name)
    try:
        manifest = snapshot.read_manifest(folder)
        snapshot.verify(folder)
    except FormatError as error:
        yield warn("索引", str(error), f"下次使用时自动重建，或{_BUILD[1:]}")
        return
    except SnapshotError as error:
        yield fail("索引", str(error), f"{_BUILD}：从文档重新建立，文档不受影响")
        return
    said = f"{name}，建于 {manifest.built_at}，{manifest.clauses} 段，文件完好"
    try:
        with existing_store(patient) as store:
            stale = is_stale(store, root, _encoder(patient))
    except (TiaowenError, sqlite3.DatabaseError):
        stale = True
    if stale:
        yield warn(
            "索引", f"{said}；与现在的文档、模型或词表不一致", f"下次使用时自动更新，或{_BUILD[1:]}"
        )
    else:
        yield ok("索引", said)


def _encoder(patient: Patient) -> Encoder | None:
    folder = model_files.model_dir(patient.model_dir)
    if patient.model is None and not model_files.status(folder).ready:
        return None
    try:
        return load_encoder(patient.model, folder)
    except ModelError:
        return None


def build_lock(patient: Patient) -> Iterator[Check]:
    """Check who builds, or was killed while building."""
    root = index_root(patient.home)
    owner, found = builder(root), leftovers(root)
    if owner is not None and not owner.gone:
        yield warn("建立索引", f"正在进行（{owner}）", "请等它完成；久等不完时检查那个进程")
    elif owner is not None or found:
        who = f"（{owner}）" if owner is not None else ""
        said = f"有一次没有做完就中断了{who}，留下 {len(found)} 个临时文件"
        yield warn("建立索引", said, f"{_BUILD}：会先清理再重建；现在的索引照常使用")
    else:
        yield ok("建立索引", "没有正在进行或中断的")


def word_lists(patient: Patient) -> Iterator[Check]:
    """Check the word lists that the home adds to the shipped ones."""
    folder = patient.home / FOLDER
    own = [folder / name for name in ("synonyms.tsv", "words.tsv") if (folder / name).is_file()]
    errors = []
    try:
        tokenizer = lexicon_of(patient.home).tokenizer
        for path in own:
            text = path.read_text(encoding="utf-8-sig")
            found = (
                check_synonyms(read_rows(text), tokenizer.stop_words, ())
                if path.name == "synonyms.tsv"
                else check_words(text, tokenizer)
            )
            errors += [f"{path.name} 第 {f.line} 行：{f.detail}" for f in found if f.fault.error]
    except (OSError, ValueError) as error:
        yield fail("词表", f"读不出：{error}", f"请把 {folder} 里的文件另存为 UTF-8")
        return
    if errors:
        yield warn(
            "词表", f"{len(errors)} 处错误，如 {errors[0]}", "请运行 tiaowen lexicon check 查看"
        )
    else:
        yield ok("词表", f"自带的词表，另有本地 {len(own)} 个文件" if own else "自带的词表")

# Everything a machine needs, from nothing to an open page: `make chat`; to a tested tree: `make test`.
# Finished set-up steps leave a stamp file in .venv, so a second start does not repeat them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
# Asked for torch only where the configured package index would bring CUDA packages.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

TORCH := torch==2.13.0
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PINS := .ci/constraints.txt
say = @printf '\n==> %s\n'

.DEFAULT_GOAL := help
.PHONY: help setup model chat test trust check bench format lock audit clean

help: ## 列出可用的命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | sort \
		| while IFS='	' read -r name text; do printf 'make %-8s %s\n' "$$name" "$$text"; done

chat: $(VENV)/.stamp-app ## 安装、取模型、建索引，打开问答页面 http://127.0.0.1:7860
	$(say) "打开问答页面 http://$(HOST):$(PORT) （首次启动先取模型、建索引；按 Ctrl+C 停止）"
	@$(BIN)/tiaowen chat --host $(HOST) --port $(PORT)

setup: $(VENV)/.stamp-dev model ## 只做安装：运行、测试所需的一切

model: $(VENV)/.stamp-app ## 取向量模型（已有则立即结束）
	$(say) "取向量模型"
	@$(BIN)/tiaowen model fetch || echo "取不到模型：需要模型的测试会跳过，问答退回到只用全文检索"

test: setup ## 安装并运行全部测试；ARGS 传给 pytest
	$(say) "运行测试"
	@$(BIN)/python -m pytest $(ARGS)

trust: setup ## 反复弄坏它：杀进程、占满磁盘、翻转比特、喂恶意文件；最后列出试了什么、各多少次
	$(say) "运行可靠性测试"
	@$(BIN)/python -m pytest -m trust $(ARGS)

check: setup ## 格式、代码规范、类型、分层、评测门槛
	$(say) "ruff format：格式"
	@$(BIN)/ruff format --check .
	$(say) "ruff check：代码规范"
	@$(BIN)/ruff check .
	$(say) "mypy --strict：类型"
	@$(BIN)/mypy --strict
	$(say) "lint-imports：分层"
	@$(BIN)/lint-imports
	$(say) "tiaowen eval gate：评测门槛"
	@$(BIN)/tiaowen eval gate

bench: setup ## 量速度，并与其他系统比（半小时以内；ARGS=--quick 三分钟），写入 docs/benchmarks
	$(say) "速度和对比（其他系统装在 .venv-peers）"
	@$(BIN)/python -m eval.bench $(ARGS)

format: $(VENV)/.stamp-dev ## 自动整理格式
	$(say) "整理格式"
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## 升级依赖后重写 .ci/constraints.txt（在新建的临时环境里解析）
	$(say) "在临时环境里解析依赖，重写 $(PINS)"
	@rm -rf .venv-lock
	@$(PYTHON) -m venv .venv-lock
	@$(MAKE) --no-print-directory VENV=.venv-lock PINS=/dev/null .venv-lock/.stamp-dev
	@printf '# Exact versions that set-up installs. Written by `make lock`; do not edit.\n' > $(PINS)
	@.venv-lock/bin/python -m pip freeze --exclude-editable --exclude tiaowen \
		| sed -E 's/^(torch==[0-9.]+)\+.*/\1/' >> $(PINS)
	@rm -rf .venv-lock
	@cat $(PINS)

audit: ## 锁定的版本有没有已公布的漏洞（要能连上漏洞通报服务；连不上只说一声）
	$(say) "核对 $(PINS) 里的版本"
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit \
		&& .venv-audit/bin/python -m pip --disable-pip-version-check --no-input install -q \
			'pip-audit==2.10.1'; }
	@.venv-audit/bin/python .ci/audit.py

clean: ## 删除虚拟环境和各种缓存（不动用户数据和模型）
	$(say) "删除虚拟环境和缓存"
	@rm -rf $(VENV) .venv-audit .venv-peers build dist *.egg-info
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find corpus index qa eval tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up steps ---

$(VENV)/.stamp-venv:
	$(say) "建立虚拟环境 $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "需要 Python 3.11 或更高版本，可用 make PYTHON=python3.11 … 指定"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "建立虚拟环境失败。Debian/Ubuntu 请先运行：apt install python3-venv"; exit 1; }
	@touch $@

# torch comes first and alone: with a plain index its Linux wheel asks for gigabytes of CUDA
# packages, which a dry run shows; then PyTorch's own index of CPU wheels is asked instead.
$(VENV)/.stamp-torch: $(VENV)/.stamp-venv
	$(say) "安装 $(TORCH)（CPU 版）"
	@if $(PIP) install --dry-run $(TORCH) 2>/dev/null | grep -qiE 'nvidia|triton'; then \
		$(PIP) install --index-url $(TORCH_INDEX) $(TORCH); \
	else \
		$(PIP) install $(TORCH); \
	fi
	@touch $@

$(VENV)/.stamp-app: $(VENV)/.stamp-torch pyproject.toml $(wildcard $(PINS))
	$(say) "安装条问"
	@$(PIP) install -c $(PINS) -e .
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-torch pyproject.toml $(wildcard $(PINS))
	$(say) "安装条问和测试工具"
	@$(PIP) install -c $(PINS) -e '.[dev]'
	@touch $(VENV)/.stamp-app $@

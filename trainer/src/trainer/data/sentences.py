"""What is said to people about rows, in English, by code. The page says the same in the reader's language by code and figures (Said in
lib/contract/said.ts, words in lib/i18n/*/said.json, which a test holds equal to these)."""

import json
import sys
from typing import Any

TERMS: dict[str, dict[str, str]] = {
    "kind": {
        "null": "null", "boolean": "a yes or no", "number": "a number", "text": "text", "list": "a list", "object": "an object",
        "empty_object": "an empty object", "other": "something else",
    },
    "fault": {
        "value": "a value is missing", "comma": "a comma is missing", "colon": "a colon is missing", "name": "a name in quotes is missing",
        "open_text": "a text is not closed", "control": "a text holds a control character", "escape": "a backslash stands before a wrong sign",
        "number_end": "a number ends with other signs", "extra": "more follows behind its end",
    },
    "speaker": {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"},
}  # fmt: skip
"""Figures that are words themselves, by the name of the figure."""
SENTENCES: dict[str, str] = {
    # Files and their records
    "bad_line": "The line is not valid JSON: {fault}, at character {column}.",
    "bad_part": "The JSON breaks in line {line}: {fault}.",
    "many_digits": "A number has more digits than a computer counts with.",
    "too_deep": "The row is nested too deeply.",
    "list_cut_off": "The file ends before its list does: the rows behind this place are missing.",
    "row_cut_off": "The file ends in the middle of this row.",
    "long_row_cut_off": "The file ends in the middle of this row, which is longer than a row may be.",
    "row_characters": "The row has {size} million characters; a row has at most {limit}.",
    "row_megabytes": "The row has {size} MB; a row has at most {limit} MB.",
    "record_long": "The record that begins in line {line} is longer than {limit} MB; a quote may not be closed.",
    "quote_open": "A quote that opens in line {line} is never closed.",
    "cells": "The record has {cells} cells, the header has {header}.",
    "not_utf8": "The text of this row is no UTF-8.",
    "file_damaged": "{file} is damaged or cut short and can't be read as {form}: {words}",
    "no_rows": "The file holds no rows.",
    "none_usable": "None of the {rows} rows can be used.",
    "first_in_row": "In row {row}:",
    "first_in_field": "In row {row}, field “{field}”:",
    "first_in_line": "In row {row} (line {line}):",
    "first_in_line_field": "In row {row} (line {line}), field “{field}”:",
    # The shape of a row
    "row_no_object": "A row must be an object with columns; this is {kind}.",
    "media": "Images, sound and video cannot be trained; only text can.",
    "media_part": "A part of type “{type}” cannot be trained; only text can.",
    "no_column": "The mapping names no column for “{role}”.",
    "no_text": "“{field}” must be text; it is {kind}.",
    "no_text_object": "“{field}” must be text; it is an object with {keys}.",
    "no_parts": "“{field}” must be text or a list of parts with “text”.",
    "missing": "“{key}” is missing.",
    "no_pair": "A turn of the history is a pair of question and answer.",
    "history_no_list": "The history must be a list of pairs.",
    "turns_no_list": "“{field}” must be a list of turns.",
    "turns_empty": "“{field}” must be a list of turns, with at least one.",
    "turns_few": "The dialogue must be a list of two turns or more.",
    "turn_no_object": "A turn must be an object with “{role}” and “{content}”.",
    "role_unknown": "The role is not known; the mapping knows {roles}.",
    "role_not_of_map": "This map function knows {roles}.",
    "calls_no_list": "Tool calls must be a list.",
    "call_no_json": "A call of a tool must be JSON with “name” and “arguments”.",
    "call_no_name": "A call of a tool must say its “name”.",
    "arguments_no_json": "The arguments of “{tool}” are no valid JSON.",
    "call_unreadable": "The call or its result is no JSON as expected: {words}",
    "tools_no_list": "Tools must be a list of definitions, or such a list as JSON text.",
    "tool_no_name": "The definition of a tool must say its “name”.",
    "in_order": "The turns were brought into order.",
    "order_start": "“{speaker}” cannot stand at the start: a system message first, then user and assistant in turn.",
    "order_after": "“{speaker}” cannot stand after “{before}”: a system message first, then user and assistant in turn.",
    "empty_answer": "The answer is empty: there is nothing to learn from it.",
    "empty_question": "The question is empty.",
    "empty_text": "The text is empty.",
    "emptied": "Nothing is left of the answer once it is mended.",
    "no_answer": "There is no answer of the assistant in this row.",
    "none_trained": "Every answer of this row is marked as not to be trained.",
    "ranked_no_list": "Ranked answers must be a list of two or more.",
    "side_without_answer": "“{field}” holds no answer.",
    "side_without_end": "“{field}” must end with an answer of the assistant.",
    "side_without_prompt": "There is no prompt: name its column, or give whole conversations.",
    "side_empty": "One side of the pair is empty.",
    "sides_differ": "The two conversations differ before their last answer, so they are no pair.",
    "no_label": "“{field}” must be true or false; it is {kind}.",
    "says_no_output": "The row says itself that it has no answer.",
    "no_spoken_pair": "There is no pair of “### Human:” and “### Assistant:” in the text.",
    "no_colon": "The description has no colon; the words behind it are the question.",
    # Rows that train, and that somebody should look at
    "half_character": "The text holds half of a character or bytes that are no UTF-8, which no tokenizer can read.",
    "ends_with_question": "The conversation ends with a question; nothing of that turn is trained.",
    "same_answers": "The chosen and the rejected answer are the same.",
    "formula": "A spreadsheet would run this cell as a formula when the set is opened there.",
    "very_long": "The row is so long that most models will see only its beginning.",
    "control": "The text holds the invisible character {character}.",
    "lost": "The text holds the sign for a character that was lost when it was read in a wrong encoding.",
    "template_sign": "The text holds a sign of a chat template; a tokenizer may take it for the end of a turn.",
    "markup": "The text holds leftovers of a web page; fine where it teaches HTML.",
    "secret": "The text holds what looks like a key, a token or a password: a model may learn it by heart.",
    "blanks": "The answer begins or ends with blanks, which would be learned too.",
    "same_row": "The same as row {row}.",
    "near_row": "Nearly the same as row {row}.",
    "other_answer": "Row {row} asks the same and answers otherwise.",
    "mended": "It was mended.",
    # How rows are read
    "all_fit": "All {rows} rows looked at fit.",
    "some_fit": "{fitting} of the first {rows} rows fit.",
    "only_fits": "The only row looked at fits.",
    "form_text": "Plain text in “{text}”.",
    "form_text_lines": "Plain text in every row.",
    "form_turns": "A list “{turns}” of turns with “{role}” and “{content}”.",
    "form_preference": "A pair of answers “{chosen}” and “{rejected}” to “{before}”.",
    "form_preference_shared": "A pair of answers “{chosen}” and “{rejected}” that begin with the same conversation.",
    "form_kto": "An answer in “{answer}”, with “{label}” for whether it is wanted.",
    "form_ranked": "Ranked answers in “{answers}” to “{prompt}”.",
    "form_pair": "A question in “{prompt}”, an answer in “{response}”.",
    "form_xtuner": "XTuner's {map}.",
    "form_xtuner_columns": "XTuner's {map} with {columns}.",
    "form_beside": "Read too: {columns}.",
    "likely_near": "But no row can be read so; the first:",
    "likely_turns": "“{turns}” is a list of objects, and “{role}” and “{content}” look like who speaks and what is said.",
    "likely_tags": "Say which of {tags} is the user and which the assistant.",
    "likely_pair_names": "The names “{prompt}” and “{response}” sound like a question and its answer.",
    "likely_pair_longer": "“{prompt}” and “{response}” are the columns of text; the longer one is taken for the answer.",
    "likely_text": "“{text}” is the only column of text.",
    "likely_nothing": "No column looks like text or turns.",
    # What a chat template does to a row
    "tool_call_dropped": "The chat template leaves out {what} of a tool call in message {message}.",
    "arguments_dropped": "The chat template leaves out the arguments of a tool call in message {message}.",
    "message_dropped": "The chat template drops or rewrites message {message} ({speaker}).",
    "message_rewritten": "The chat template drops or rewrites message {message}: {words}",
    "conversation_rewritten": "The chat template drops or rewrites this conversation.",
    "answer_rewritten": "The chat template drops or rewrites an answer: {words}",
    "marked_wrongly": "The chat template marks message {message} as the assistant's.",
    "mark_without_owner": "What the chat template marks belongs to no message: {words}",
    "not_told_apart": "Message {message} could not be told from the text around it.",
    "template_refuses": "The chat template refuses this conversation: {words}",
    "two_starts": "The text begins with {token} twice.",
    "cut_off": "The last {tokens} tokens are cut off, {trained} of them trained.",
    "nothing_within": "No answer is left within the cutoff of {cutoff} tokens.",
    "row_too_large": "The row is too large to be measured.",
    "end_token_added": "The chat template writes no end token after the last answer, so it was added.",
    "no_end_token": "The chat template writes no end token after some answers; the model may learn to talk on.",
    "thought_dropped": "The chat template leaves out the thoughts of the last answer; only the words after them are trained.",
    "tools_dropped": "The chat template leaves out the definitions of the tools.",
    # Why work on data ends
    "file_gone": "{file} is no longer at {path}.",
    "put_back": "Put it back there, or import the data set again.",
    "import_again": "Import the data set again.",
    "check_again": "Check the data set again.",
    "choose_rows": "Choose a file that holds rows.",
    "choose_mapping": "Choose another mapping, or correct the file.",
    "bring_again": "Bring the file again, whole and in one of the known kinds.",
    "packed_too_large": "{file}: unpacked it needs more than {limit} GB, half of what is free on the disk.",
    "packed_bomb": "{file}: {packed} MB give more than {written} MB; no text packs like this.",
    "packed_cut_off": "{file}: the packed file was cut off.",
    "packed_damaged": "{file} can't be unpacked: {words}",
    "unpack_yourself": "If this is right, unpack the file yourself, and add it by its path.",
    "hub_refused": "The data set can't be fetched: {words}",
    "hub_elsewhere": "Download the files elsewhere and upload them, or give their path.",
    "needs_space": "The check needs about {needed} GB, and {free} GB are free in {folder}.",
    "free_space": "Free space.",
    "no_usable_row": "The data set has no usable row.",
    "look_at_problems": "Look at its problems on the Data page.",
    "index_unreadable": "The index beside {path} cannot be read: {words}",
    "nothing_to_replace": "No text of these rows holds {words}, so there is nothing to replace.",
    "look_at_preview": "Look at the preview first.",
    "row_grows": "Row {row} would grow beyond 16 MB by what is put in.",
    "put_in_less": "Look for longer text, or put in less.",
    "rows_differ": "The files do not hold the rows that were checked: {words}",
    "template_unknown": "There is no chat template named “{name}”.",
    "template_unreadable": "The chat template {path} cannot be read: {words}",
    "take_template": "Choose another template.",
    "unknown_signs": "The template writes {tokens}, which this tokenizer does not know; each is shown as one token, as a tokenizer made for it would.",
    "slow_tokenizer": "This model's tokenizer does not tell where its tokens lie in the text, so answers cannot be told from questions.",
    "take_fast": "Choose a model with a tokenizer.json.",
    "no_template": "The tokenizer has no chat template, so a conversation cannot be written as this model expects.",
    "take_chat_model": "Choose the chat or instruct version of the model, or put a chat_template.jinja into its folder.",
    # Why any work ends
    "gpu_memory_out": "The GPU's memory ran out.",
    "use_less_memory": "Lower the batch size and raise gradient accumulation, switch gradient checkpointing on, or shorten the cutoff length.",
    "gpu_library_memory": "A GPU library found no room to work in; most often the GPU's memory is full.",
    "use_less_gpu": "Lower the batch size, and look whether another program uses the same GPU.",
    "memory_out": "The machine's memory ran out.",
    "use_less": "Lower the batch size or the cutoff length, choose a smaller model, or close other programs.",
    "delete_some": "Delete runs, exports or data sets that are no longer needed, or keep fewer checkpoints; then resume from the newest one.",
    "no_target_modules": "The LoRA target modules do not exist in this model.",
    "choose_targets": "Choose target modules from the list of the model in the launch form.",
    "other_rank": "The checkpoint was trained with another LoRA rank or other target modules.",
    "resume_as_before": "Resume with the settings of the checkpoint, or start a new run.",
    "tokenizer_misfit": "The tokenizer and the model do not fit: a token id lies beyond the embedding table.",
    "same_place": "Take tokenizer and model from the same place.",
    "weights_misfit": "The weights do not fit the configuration beside them.",
    "check_config": "Check that config.json and the weights belong to the same model and revision.",
    "weights_cut": "A file of weights is cut short.",
    "copy_again": "Copy or download that file again; resume from the checkpoint before.",
    "template_refuses_some": "The model's chat template refuses this conversation.",
    "look_at_turns": "Look at the order of the turns: most templates want user and assistant in turn, and at most one system message first.",
    "brings_code": "This model brings its own Python code, and running it was not allowed.",
    "allow_code": "Allow it on the model's page if you trust its author.",
    "hub_gated": "The hub refuses this model: it is gated, or the token has no right to it.",
    "accept_licence": "Accept its licence on the hub, and set HF_TOKEN for the server.",
    "hub_unknown": "The hub has no model with this name and revision.",
    "check_spelling": "Check the spelling; private models look the same without a token.",
    "hub_away": "The hub cannot be reached.",
    "choose_local": "Choose a model in a local folder, or set HF_ENDPOINT to a mirror.",
    "unknown_architecture": "The installed transformers does not know this kind of model.",
    "update_packages": "Update the trainer's packages, or choose another model.",
    "package_missing": "The Python package “{package}” is not installed.",
    "install_package": "Run npm run setup again, or install the package into the trainer's environment.",
    "folder_lacks": "The model's folder lacks a file it needs; weights must be safetensors.",
    "add_file": "Add the missing file; convert pickle weights (.bin) to safetensors first.",
    "no_row_left": "No row is left to train on.",
    "raise_cutoff": "Raise the cutoff length, or look at the data set's problems.",
    "not_allowed": "A file or folder may not be read or written by the user who runs Tuneboard.",
    "correct_rights": "Correct the owner, the rights, or how the disk is mounted; the traceback names the path.",
    "in_rank": "In rank {rank} of {count} processes:",
    "rank_killed": "Rank {rank} of {count} processes was ended from outside ({signal}); the others can't go on without it.",
    "rank_killed_remedy": "Mostly the machine's memory is short: take fewer processes or a smaller batch, then resume from the last checkpoint.",
    "disk_is_full": "The disk of {folder} is full: {free} of its {whole} bytes are free.",
    "rows_unreadable": "The prepared data set {path} cannot be read: {words}",
    "not_that_row": "The files have no row {row}, which is to be left out.",
    "numbers_unreadable": "The numbers of the rows to leave out cannot be read: {words}",
    "compare_again": "Compare the sets again.",
    "versions_needed": "The rows of two versions are needed to compare.",
    "check_both": "Check both data sets again.",
}
LONGEST = 300


class Sentence(str):
    """English words that know their code and figures. Sentences may be joined; words of others have none."""

    said: list[dict[str, Any]]

    def __add__(self, other: str) -> "Sentence":
        return join(self, other)


def say(code: str, **figures: str | int) -> Sentence:
    words = {name: TERMS.get(name, {}).get(str(value), value) for name, value in figures.items()}
    sentence = Sentence(SENTENCES[code].format(**words))
    sentence.said = [{"code": code, "params": {name: tidy(value) for name, value in figures.items()}}]
    return sentence


def join(first: str, second: str) -> Sentence:
    joined = Sentence(f"{first} {second}")
    joined.said = said_of(first) + said_of(second)
    return joined


def restore(message: str, said: list[dict[str, Any]] | None) -> Sentence:
    """As it was before it was written to a file."""
    sentence = Sentence(message)
    sentence.said = said or []
    return sentence


def said_of(message: str) -> list[dict[str, Any]]:
    return list(message.said) if isinstance(message, Sentence) else []


def tidy(value: str | int) -> str | int:
    """Fit for a file of UTF-8, and no longer than a page wants it."""
    return value[:LONGEST].encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


if __name__ == "__main__":
    json.dump({"sentences": SENTENCES, "terms": TERMS}, sys.stdout, ensure_ascii=False)

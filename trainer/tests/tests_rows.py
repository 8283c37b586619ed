"""Rows that several tests need."""


def uneven_rows() -> list[list[dict]]:
    answers = ["A long answer that says a good deal more than the others. " * 2, "No", "7", "Yes", "It is blue today.", "Pip"] * 2
    return [[{"role": "user", "content": f"What is {index}?"}, {"role": "assistant", "content": answer}] for index, answer in enumerate(answers)]

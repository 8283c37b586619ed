// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { IntlProvider } from "use-intl";
import { afterEach, expect, test, vi } from "vitest";
import { defaultSettings } from "@/lib/client/ask-chat";
import chat from "@/lib/i18n/en/chat.json";
import { Composer, type ComposerProps } from "./composer";

afterEach(cleanup);

function show(props: Partial<ComposerProps> = {}) {
  const all: ComposerProps = {
    count: 1,
    busy: false,
    settings: defaultSettings,
    lastQuestion: () => "Who made you?",
    onSend: vi.fn(),
    onEditLast: vi.fn(),
    onStop: vi.fn(),
    ...props,
  };
  render(
    <IntlProvider locale="en" timeZone="UTC" messages={{ chat }}>
      <Composer {...all} />
    </IntlProvider>,
  );
  const field = screen.getByRole("textbox");
  return {
    ...all,
    field,
    type: (value: string) => fireEvent.change(field, { target: { value } }),
    value: () => (field as HTMLTextAreaElement).value,
  };
}

test("Enter sends and empties the field", () => {
  const { field, type, value, onSend } = show();
  type("  Hello  ");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onSend).toHaveBeenCalledWith("Hello");
  expect(value()).toBe("");
});

test("Enter that ends the composing of a Chinese word does not send", () => {
  const { field, type, onSend } = show();
  type("你好");
  const composing = createEvent.keyDown(field, { key: "Enter" });
  Object.defineProperty(composing, "isComposing", { value: true });
  fireEvent(field, composing);
  fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
  expect(onSend).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onSend).toHaveBeenCalledWith("你好");
});

test("Shift+Enter does not send", () => {
  const { field, type, onSend } = show();
  type("one");
  fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  expect(onSend).not.toHaveBeenCalled();
});

test("the up arrow in an empty field edits the last question, Escape leaves it", () => {
  const { field, value, onEditLast, onSend } = show();
  fireEvent.keyDown(field, { key: "ArrowUp" });
  expect(value()).toBe("Who made you?");
  fireEvent.keyDown(field, { key: "Escape" });
  expect(value()).toBe("");
  fireEvent.keyDown(field, { key: "ArrowUp" });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onEditLast).toHaveBeenCalledWith("Who made you?");
  expect(onSend).not.toHaveBeenCalled();
});

test("nothing is sent without a model, while an answer is written, or with a setting out of range", () => {
  for (const props of [
    { count: 0 },
    { busy: true },
    { settings: { ...defaultSettings, sampling: { ...defaultSettings.sampling, temperature: 9 } } },
  ]) {
    const { field, type, onSend } = show(props);
    type("Hello");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
    cleanup();
  }
});

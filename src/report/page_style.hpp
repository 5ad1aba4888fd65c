// The style sheet of report.html: light and dark, for screen and paper.
#pragma once
#include <string_view>

namespace ifstop::report {

inline constexpr std::string_view page_style = R"css(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5d6878; --line: #e3e7ee;
  --c1: #1d5fd1; --c2: #0b8a6f; --c3: #c2590c; --c4: #8a3fc4; --stop: #c0283f; --before: #b7791f; --after: #0b8a6f; }
@media (prefers-color-scheme: dark) { :root { --page: #10141a; --card: #181e27; --text: #e6eaf0; --soft: #96a2b4;
  --line: #2a3340; --c1: #6ea8ff; --c2: #3fd0ab; --c3: #ff9a57; --c4: #c792f5; --stop: #ff6b81; --before: #e0b050;
  --after: #3fd0ab; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 940px; margin: 0 auto; padding: 40px 20px 60px; }
h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0 0 14px; }
p { margin: 0 0 10px; }
.kicker { color: var(--soft); font-size: 13px; margin: 0 0 6px; }
.reason { font-size: 16px; max-width: 70ch; }
.soft { color: var(--soft); }
.small { font-size: 13px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px; margin-top: 20px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin-top: 22px; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
.figure .what { color: var(--soft); font-size: 13px; }
.figure .value { font-size: 25px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.figure .from { color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.figure.s1 .value { color: var(--c1); } .figure.s2 .value { color: var(--c2); }
.figure.s3 .value { color: var(--c3); } .figure.s4 .value { color: var(--c4); }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); stroke-opacity: 0.5; }
.line { fill: none; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }
.line-1 { stroke: var(--c1); } .line-2 { stroke: var(--c2); } .line-3 { stroke: var(--c3); stroke-dasharray: 7 5; }
.line-4 { stroke: var(--c4); stroke-dasharray: 2 5; } .line-5 { stroke: var(--soft); stroke-width: 1.6; }
.band { stroke: none; fill-opacity: 0.13; } .band-1 { fill: var(--c1); }
.dot-1 { fill: var(--c1); } .dot-2 { fill: var(--c2); } .dot-3 { fill: var(--c3); } .dot-4 { fill: var(--c4); }
svg .name { font-weight: 600; font-size: 13px; } svg .name-1 { fill: var(--c1); } svg .name-2 { fill: var(--c2); }
svg .name-3 { fill: var(--c3); } svg .name-4 { fill: var(--c4); } svg .name-5 { fill: var(--soft); }
.mark { stroke: var(--stop); stroke-width: 1.5; stroke-dasharray: 4 4; } svg .mark-text { fill: var(--stop); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th { color: var(--soft); font-weight: 600; font-size: 12.5px; }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; } td.text, th.text { text-align: left; white-space: normal; }
tr.stop td { color: var(--stop); font-weight: 600; }
.pair { padding: 16px 0; border-top: 1px solid var(--line); } .pair:first-of-type { border-top: 0; padding-top: 0; }
.prompt { font-weight: 600; margin-bottom: 8px; white-space: pre-wrap; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
@media (max-width: 640px) { .two { grid-template-columns: 1fr; } }
.answer { border-left: 3px solid var(--before); padding: 2px 0 2px 12px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px; }
.answer.after { border-color: var(--after); }
.answer b { display: block; font-size: 12.5px; color: var(--before); font-weight: 600; } .answer.after b { color: var(--after); }
footer { color: var(--soft); font-size: 13px; margin-top: 24px; } code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.93em; }
@media print { body { background: #fff; } section, .figure { break-inside: avoid; } }
)css";

}  // namespace ifstop::report

/* global document, window, getComputedStyle, matchMedia, IntersectionObserver, ResizeObserver, HTMLElement, HTMLDetailsElement, Node */
// Draws the charts of the dashboard from the data beside them. Everything a chart shows stands in the table behind it as well.

/**
 * @typedef {object} Chart
 * @property {'BARS' | 'PYRAMID' | 'LINE'} kind
 * @property {string} label
 * @property {string} unit
 * @property {number} digits
 * @property {string[]} categories
 * @property {{ name: string, values: (number | null)[] }[]} series a number that is not shown is null
 * @property {string[]} breaks
 */

/** @typedef {{ setOption(option: object, replace: boolean): void, resize(): void, getWidth(): number }} Drawing */
/** @typedef {{ init(element: HTMLElement, theme: null, options: object): Drawing }} Library */

const { echarts } = /** @type {{ echarts?: Library }} */ (/** @type {unknown} */ (window));
const language = document.documentElement.lang;

/** @type {Map<HTMLElement, { chart: Chart, drawing: Drawing }>} */
const drawn = new Map();

/** @param {string} name of a custom property */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {number} digits */
function formatter(digits) {
  const format = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'zh-CN', { maximumFractionDigits: digits });
  return (/** @type {unknown} */ value) => (typeof value === 'number' ? format.format(value) : '—');
}

/** Short numbers for axes. */
const compact = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
  notation: 'compact',
  maximumFractionDigits: 2,
});

/** @param {Chart} chart */
function optionOf(chart) {
  const write = formatter(chart.digits);
  const ink = colour('--ink');
  const soft = colour('--ink-soft');
  const line = colour('--line');
  const several = chart.series.length > 1;
  const common = {
    animation: false,
    color: [colour('--chart-1'), colour('--chart-2')],
    textStyle: { color: ink, fontFamily: colour('--font') },
    aria: { enabled: true, label: { description: chart.label } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: chart.kind === 'LINE' ? 'line' : 'shadow' },
      backgroundColor: colour('--surface'),
      borderColor: colour('--line-strong'),
      textStyle: { color: ink },
      valueFormatter: (/** @type {unknown} */ value) =>
        `${write(typeof value === 'number' ? Math.abs(value) : value)} ${chart.unit}`,
    },
    ...(several && { legend: { top: 0, textStyle: { color: ink }, itemWidth: 14, itemHeight: 10 } }),
  };
  const text = { color: soft, fontSize: 12 };
  const values = {
    type: 'value',
    axisLabel: {
      ...text,
      formatter: (/** @type {number} */ value) => compact.format(Math.abs(value)),
      hideOverlap: true,
    },
    splitLine: { lineStyle: { color: line } },
  };
  const names = {
    type: 'category',
    data: chart.categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
  };
  const grid = {
    left: 4,
    right: 14,
    top: several ? 30 : 8,
    bottom: 4,
    outerBoundsMode: 'same',
    outerBoundsContain: 'axisLabel',
  };
  if (chart.kind === 'LINE')
    return { ...common, ...lines(chart, { names, values, text, grid: { ...grid, top: several ? 34 : 14 } }) };
  const pyramid = chart.kind === 'PYRAMID' && several;
  const series = chart.series.map(({ name, values: shown }, index) => ({
    name,
    type: 'bar',
    data: shown.map((value) => (pyramid && index === 0 && value !== null ? -value : value)),
    barMaxWidth: 18,
    ...(pyramid && { stack: 'all', barWidth: '76%' }),
    ...(!pyramid &&
      !several && {
        label: {
          show: true,
          position: 'right',
          color: soft,
          fontSize: 11,
          formatter: (/** @type {{ value: unknown }} */ { value }) => write(value),
        },
      }),
  }));
  return {
    ...common,
    grid: { ...grid, right: several ? 14 : 48 },
    xAxis: values,
    yAxis: {
      ...names,
      inverse: chart.kind === 'BARS',
      axisLabel: { ...text, width: 110, overflow: 'truncate' },
    },
    series,
  };
}

/**
 * @param {Chart} chart
 * @param {{ names: object, values: object, text: object, grid: object }} parts
 */
function lines(chart, { names, values, text, grid }) {
  const marks = chart.breaks.filter((period) => chart.categories.includes(period));
  return {
    grid,
    xAxis: { ...names, boundaryGap: false, axisLabel: { ...text, hideOverlap: true } },
    yAxis: { ...values, scale: true, splitNumber: 3 },
    series: chart.series.flatMap(({ name, values: shown }, index) =>
      segmentsOf(shown, chart).map((data, segment) => ({
        name,
        type: 'line',
        data,
        connectNulls: false,
        symbolSize: 4,
        showSymbol: shown.length < 30,
        itemStyle: { color: colour(`--chart-${index + 1}`) },
        lineStyle: { width: 2, type: index === 0 ? 'solid' : 'dashed', color: colour(`--chart-${index + 1}`) },
        ...(index === 0 &&
          segment === 0 &&
          marks.length > 0 && {
            markLine: {
              symbol: 'none',
              silent: true,
              label: { show: false },
              lineStyle: { type: 'dotted', color: colour('--mark') },
              data: marks.map((period) => ({ xAxis: period })),
            },
          }),
      })),
    ),
  };
}

/**
 * A line for each stretch between breaks, so that none crosses one.
 * @param {(number | null)[]} shown
 * @param {Chart} chart
 */
function segmentsOf(shown, { categories, breaks }) {
  const starts = [0, ...breaks.map((period) => categories.indexOf(period)).filter((index) => index > 0)];
  return starts.map((start, segment) => {
    const end = starts[segment + 1] ?? shown.length;
    return shown.map((value, index) => (index >= start && index < end ? value : null));
  });
}

/**
 * @param {Library} library
 * @param {HTMLElement} element
 */
function draw(library, element) {
  const data = document.getElementById(element.getAttribute('data-chart') ?? '');
  if (!data || drawn.has(element)) return;
  /** @type {unknown} */
  const parsed = JSON.parse(data.textContent);
  const chart = /** @type {Chart} */ (parsed);
  const devicePixelRatio = Math.max(2, window.devicePixelRatio);
  const drawing = library.init(element, null, { renderer: 'canvas', devicePixelRatio });
  drawing.setOption(optionOf(chart), true);
  drawn.set(element, { chart, drawing });
  element.classList.add('drawn');
}

function drawAgain() {
  for (const { chart, drawing } of drawn.values()) drawing.setOption(optionOf(chart), true);
}

/** Charts are drawn when they come into sight, so that the page does not wait for those below. */
function begin() {
  const library = echarts;
  if (!library) return;
  const elements = [...document.querySelectorAll('[data-chart]')].filter((each) => each instanceof HTMLElement);
  const sized = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const drawing = target instanceof HTMLElement ? drawn.get(target)?.drawing : undefined;
      if (drawing && Math.abs(drawing.getWidth() - contentRect.width) >= 1) drawing.resize();
    }
  });
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting && target instanceof HTMLElement) draw(library, target);
    },
    { rootMargin: '50% 0px' },
  );
  for (const element of elements) {
    element.classList.add('awaited');
    sized.observe(element);
    seen.observe(element);
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
  // On paper everything is in sight, the colours are others, and the width is.
  const onPaper = () => {
    for (const element of elements) draw(library, element);
    for (const { drawing } of drawn.values()) drawing.resize();
    drawAgain();
  };
  matchMedia('print').addEventListener('change', onPaper);
  window.addEventListener('beforeprint', onPaper);
}

/** One explanation is open at a time, and Escape closes it. */
function keepOneOpen() {
  const abouts = [...document.querySelectorAll('details.about')].filter((each) => each instanceof HTMLDetailsElement);
  for (const about of abouts) {
    about.addEventListener('toggle', () => {
      if (about.open) for (const other of abouts) if (other !== about) other.open = false;
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const about of abouts) {
      if (!about.open) continue;
      about.open = false;
      about.querySelector('summary')?.focus();
    }
  });
  document.addEventListener('click', ({ target }) => {
    for (const about of abouts) if (target instanceof Node && !about.contains(target)) about.open = false;
  });
}

/** Without a script there is the browser's own menu. */
function offerPrint() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.removeAttribute('hidden');
    button.addEventListener('click', () => window.print());
  }
}

begin();
keepOneOpen();
offerPrint();

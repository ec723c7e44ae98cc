'use strict';
// The page is complete without this: it reads the tables' numbers out where the pointer is, and opens the tables to print.
document.querySelectorAll('section').forEach(function (section) {
  const plots = Array.from(section.querySelectorAll('svg.plot')).map(function (svg) {
    const figure = svg.closest('figure');
    const names = Array.from(figure.querySelectorAll('thead th')).map(function (cell) { return cell.textContent; });
    const rows = Array.from(figure.querySelectorAll('tr[data-slices]')).map(function (row) {
      const ends = row.dataset.slices.split('-').map(Number);
      return { first: ends[0], last: ends[1], cells: Array.from(row.cells) };
    });
    const cursor = document.createElementNS(svg.namespaceURI, 'line');
    cursor.setAttribute('class', 'cursor');
    cursor.setAttribute('y1', '0');
    cursor.setAttribute('y2', String(svg.height.baseVal.value - 52));
    cursor.setAttribute('visibility', 'hidden');
    svg.appendChild(cursor);
    const output = document.createElement('output');
    svg.after(output);
    svg.setAttribute('tabindex', '0');
    return { svg: svg, names: names, rows: rows, cursor: cursor, output: output, count: Number(svg.dataset.slices) };
  });
  let place = -1;
  function show(slice, chosen) {
    place = slice;
    plots.forEach(function (plot) {
      const x = (slice + 0.5) / plot.count * 100 + '%';
      plot.cursor.setAttribute('x1', x);
      plot.cursor.setAttribute('x2', x);
      plot.cursor.setAttribute('visibility', 'visible');
      if (plot !== chosen || plot.rows.length === 0) { plot.output.textContent = ''; return; }
      const row = plot.rows.find(function (row) { return !(row.first > slice || slice > row.last); });
      plot.output.textContent = row
        ? row.cells.map(function (cell, index) { return plot.names[index] + ' ' + cell.textContent; })
          .filter(function (text) { return !text.endsWith(' 0'); }).join(', ')
        : 'nothing here';
    });
  }
  function hide() {
    plots.forEach(function (plot) {
      plot.cursor.setAttribute('visibility', 'hidden');
      plot.output.textContent = '';
    });
  }
  plots.forEach(function (plot) {
    plot.svg.addEventListener('pointermove', function (event) {
      const box = plot.svg.getBoundingClientRect();
      const style = getComputedStyle(plot.svg);
      const left = box.left + parseFloat(style.paddingLeft);
      const share = (event.clientX - left) / (box.right - parseFloat(style.paddingRight) - left);
      if (share >= 0 ? 1 > share : false) { show(Math.floor(share * plot.count), plot); } else { hide(); }
    });
    plot.svg.addEventListener('pointerleave', hide);
    plot.svg.addEventListener('blur', hide);
    plot.svg.addEventListener('keydown', function (event) {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) { return; }
      event.preventDefault();
      show(Math.min(Math.max(place + step * Math.ceil(plot.count / 100), 0), plot.count - 1), plot);
    });
  });
});
let opened = [];
addEventListener('beforeprint', function () {
  opened = Array.from(document.querySelectorAll('details:not([open])'));
  opened.forEach(function (details) { details.open = true; });
});
addEventListener('afterprint', function () {
  opened.forEach(function (details) { details.open = false; });
});

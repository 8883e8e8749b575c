//! One network in two programs: as a listing, and as somebody would write it without a library.

use std::fmt::{self, Write};

/// Layers of a few widths in turn, as in real networks: every second with `relu`, the others with `tanh`.
pub(crate) struct Network {
    /// What goes in, and what each layer gives.
    widths: Vec<usize>,
}

const WIDTHS: [usize; 4] = [64, 48, 32, 48];

/// What a program does with its network.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Uses {
    Predict,
    Train,
}

impl fmt::Display for Uses {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Predict => "predicts",
            Self::Train => "predicts and learns",
        })
    }
}

impl Network {
    pub(crate) fn new(layers: usize) -> Self {
        Self { widths: (0..=layers).map(|place| WIDTHS[place % WIDTHS.len()]).collect() }
    }

    fn layers(&self) -> usize {
        self.widths.len() - 1
    }

    fn output(&self) -> usize {
        self.widths[self.layers()]
    }

    pub(crate) fn listing(&self) -> String {
        let function = |layer: usize| if layer.is_multiple_of(2) { "relu" } else { "tanh" };
        let layer = |place: usize| {
            format!("    Dense({} -> {}, {}),\n", self.widths[place], self.widths[place + 1], function(place))
        };
        format!("pub Net <\n{}>", (0..self.layers()).map(layer).collect::<String>())
    }

    pub(crate) fn with_graven(&self, uses: Uses) -> String {
        let learn = match uses {
            Uses::Predict => String::new(),
            Uses::Train => format!(
                "    let mut gradient = <Net as graven::Parameters>::zeroed_box();\n    \
                 let loss = net.gradients(&x, &[0.1; {}], &MeanSquaredError, &mut gradient);\n    \
                 println!(\"{{loss}} {{:?}}\", gradient.as_slice().last());\n",
                self.output()
            ),
        };
        format!(
            "use graven::prelude::*;\n\ngraven::model! {{ {} }}\n\nfn main() {{\n    let net = Net::boxed(1);\n    \
             let x = [0.5; {}];\n    println!(\"{{:?}}\", net.predict(&x));\n{learn}}}\n",
            self.listing(),
            self.widths[0]
        )
    }

    pub(crate) fn by_hand(&self, uses: Uses) -> String {
        let (first, output) = (self.widths[0], self.output());
        let mut fields = String::new();
        for layer in 0..self.layers() {
            let (inputs, outputs) = (self.widths[layer], self.widths[layer + 1]);
            fields += &format!(
                "    kernel{layer}: [[f32; {outputs}]; {inputs}],\n    bias{layer}: [f32; {outputs}],\n"
            );
        }
        let learn = if uses == Uses::Train { self.gradients_by_hand() } else { String::new() };
        let call = match uses {
            Uses::Predict => String::new(),
            Uses::Train => format!(
                "    let mut gradient: Box<Net> = unsafe {{ Box::new_zeroed().assume_init() }};\n    \
                 let loss = net.gradients(&x, &[0.1; {output}], &mut gradient);\n    \
                 println!(\"{{loss}} {{:?}}\", gradient.bias0[0]);\n"
            ),
        };
        let forward = self.forward_by_hand();
        format!(
            "struct Net {{\n{fields}}}\n\nimpl Net {{\n    fn predict(&self, x0: &[f32; {first}]) -> [f32; {output}] {{\n\
             {forward}        x{}\n    }}\n{learn}}}\n\nfn main() {{\n    \
             let mut net: Box<Net> = unsafe {{ Box::new_zeroed().assume_init() }};\n    \
             net.kernel0[0][0] = std::env::args().count() as f32;\n    let x = [0.5; {first}];\n    \
             println!(\"{{:?}}\", net.predict(&x));\n{call}}}\n",
            self.layers()
        )
    }

    fn forward_by_hand(&self) -> String {
        let mut text = String::new();
        for layer in 0..self.layers() {
            let (inputs, outputs, next) = (self.widths[layer], self.widths[layer + 1], layer + 1);
            let function = if layer.is_multiple_of(2) { "max(0.0)" } else { "tanh()" };
            let _ = write!(
                text,
                "        let mut x{next} = self.bias{layer};
        for i in 0..{inputs} {{
            for o in 0..{outputs} {{
                x{next}[o] += x{layer}[i] * self.kernel{layer}[i][o];
            }}
        }}
        for o in 0..{outputs} {{
            x{next}[o] = x{next}[o].{function};
        }}
"
            );
        }
        text
    }

    fn gradients_by_hand(&self) -> String {
        let (last, output) = (self.layers(), self.output());
        let mut text = format!(
            "    fn gradients(&self, x0: &[f32; {}], target: &[f32; {output}], gradient: &mut Net) -> f32 {{\n{}\
        let mut loss = 0.0;
        let mut d{last} = [0.0; {output}];
        for o in 0..{output} {{
            let error = x{last}[o] - target[o];
            loss += error * error / {output} as f32;
            d{last}[o] = 2.0 * error / {output} as f32;
        }}
",
            self.widths[0],
            self.forward_by_hand()
        );
        for layer in (0..last).rev() {
            let (inputs, outputs, next) = (self.widths[layer], self.widths[layer + 1], layer + 1);
            let slope = if layer.is_multiple_of(2) {
                format!("if x{next}[o] > 0.0 {{ 1.0 }} else {{ 0.0 }}")
            } else {
                format!("1.0 - x{next}[o] * x{next}[o]")
            };
            let _ = write!(
                text,
                "        for o in 0..{outputs} {{
            d{next}[o] *= {slope};
            gradient.bias{layer}[o] += d{next}[o];
        }}
        let mut d{layer} = [0.0; {inputs}];
        for i in 0..{inputs} {{
            for o in 0..{outputs} {{
                gradient.kernel{layer}[i][o] += x{layer}[i] * d{next}[o];
                d{layer}[i] += d{next}[o] * self.kernel{layer}[i][o];
            }}
        }}
"
            );
        }
        text + "        std::hint::black_box(d0);\n        loss\n    }\n"
    }
}

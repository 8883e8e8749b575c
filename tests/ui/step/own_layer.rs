use graven::simd::Level;
use graven::{Backward, Layer, Parameters, model};

#[derive(Parameters)]
#[repr(C)]
struct Mean {
    weight: [f32; 2],
}

impl Layer for Mean {
    type Input = [[f32; 2]; 5];
    type Output = [[f32; 2]; 5];
    fn forward<L: Level>(&self, _: L, _: &[Self::Input], _: &mut [Self::Output], _: &mut [f32]) {}
    fn backward<L: Level>(&self, _: L, _: Backward<'_, Self>, _: &mut Self) {}
}

model! { Amp(x: 5x2) < Mean(5x2 -> 5x2), Dense(1) > }

fn main() {
    let net = Amp::init(1);
    let mut state = AmpState::default();
    let y = net.step(&mut state, &[0.0; 2]);
    println!("{y:?}");
}

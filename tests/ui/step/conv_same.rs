use graven::model;

model! { Amp(x: 64x1) < Conv1d(16, 3, padding = same), Dense(1) > }

fn main() {
    let mut state = AmpState::default();
    let y: [f32; 1] = Amp::init(1).step(&mut state, &[0.0]);
    println!("{y:?}");
}

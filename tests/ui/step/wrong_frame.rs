use graven::model;

model! { Amp(x: 64x1) < Lstm(16, return_sequences = true), Dense(1) > }

fn main() {
    let mut state = AmpState::default();
    let y = Amp::init(1).step(&mut state, &[0.0; 64]);
    println!("{y:?}");
}

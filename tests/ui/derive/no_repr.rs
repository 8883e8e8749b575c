use graven::Parameters;

#[derive(Parameters)]
struct Scale {
    factor: [f32; 3],
}

fn main() {}

use graven::model;

model! { Digits < Dense(64 -> 10, softmax) > }

fn main() {
    let probabilities: [f32; 10] = Digits::init(1).step(&mut (), &[0.0; 64]);
    println!("{probabilities:?}");
}
